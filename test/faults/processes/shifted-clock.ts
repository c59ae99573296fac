/**
 * Loaded before everything else of a process under test: `Date` says what the machine's clock says
 * plus a shift, as after a clock that was set. Timers and `performance` keep going, as they do then.
 */
const realNow = Date.now.bind(Date)
let shiftMs = 0

/** Sets by how much the clock of this process is wrong. */
export function shiftClock(ms: number): void {
  shiftMs = ms
}

const shifted = () => realNow() + shiftMs

globalThis.Date = new Proxy(Date, {
  construct: (target, args: readonly unknown[], newTarget) =>
    Reflect.construct(target, args.length === 0 ? [shifted()] : args, newTarget),
  apply: () => new Date(shifted()).toString(),
  get: (target, key) => (key === 'now' ? shifted : Reflect.get(target, key)),
})

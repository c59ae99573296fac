import type { ChildProcess } from 'node:child_process'

const children = new Map<ChildProcess, NodeJS.Signals>()

function stopAll(): void {
  for (const [child, signal] of children) child.kill(signal)
}

/** Sends a child its signal when this process ends without having stopped it, such as by `exit()`. */
export function stopOnExit(child: ChildProcess, signal: NodeJS.Signals): void {
  if (children.size === 0) process.once('exit', stopAll)
  children.set(child, signal)
  child.once('exit', () => {
    children.delete(child)
    if (children.size === 0) process.off('exit', stopAll)
  })
}

import { concat, type Hex, numberToHex, size } from 'viem'

/** What a contract is to log. */
export interface RawLog {
  readonly topics: readonly Hex[]
  readonly data: Hex
}

/**
 * Source of {@link emitterCode}: logs whatever its calldata lists, so that every event of every
 * contract can come from its address without the state that the contract would need.
 */
export const emitterSource = `object "Emitter" {
  code { datacopy(0, dataoffset("runtime"), datasize("runtime")) return(0, datasize("runtime")) }
  object "runtime" {
    code {
      for { let at := 0 } lt(at, calldatasize()) {} {
        let topics := shr(248, calldataload(at))
        let data := add(add(at, 1), mul(32, topics))
        let length := shr(224, calldataload(data))
        calldatacopy(0, add(data, 4), length)
        let a := calldataload(add(at, 1))
        let b := calldataload(add(at, 33))
        let c := calldataload(add(at, 65))
        let d := calldataload(add(at, 97))
        switch topics
        case 0 { log0(0, length) }
        case 1 { log1(0, length, a) }
        case 2 { log2(0, length, a, b) }
        case 3 { log3(0, length, a, b, c) }
        default { log4(0, length, a, b, c, d) }
        at := add(add(data, 4), length)
      }
    }
  }
}`

/** Deployed code of {@link emitterSource}. */
export const emitterCode: Hex =
  '0x60005b368110600a57005b806005913590611fe08260f31c16810190600182013560e01c928385840160003760018201359160218101359060418101359260f81c80600014608f578060011460835780600214607657600314606b576061013592856000a45b01016002565b509091846000a36065565b5050919050836000a26065565b50505050826000a16065565b5050505050816000a0606556'

/** Calldata that makes the emitter log these, in this order. */
export const emit = (logs: readonly RawLog[]): Hex =>
  concat(
    logs.flatMap(({ topics, data }) => [
      numberToHex(topics.length, { size: 1 }),
      ...topics,
      numberToHex(size(data), { size: 4 }),
      data,
    ]),
  )

import type { Hex } from '../../schema/events/event.ts'

/**
 * The CREATE2 deployer that most chains have: call data = salt ‖ init code.
 *
 * Source: https://github.com/Arachnid/deterministic-deployment-proxy
 */
export const create2Deployer: Hex = '0x4e59b44847b379578588920ca78fbf26c0b4956c'

/** What must be at its address. */
export const create2DeployerCode: Hex =
  '0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf3'

/**
 * The transaction that creates it on a chain without it.
 *
 * Its signature was made up, so the sender is an account without a key, and it carries no chain id.
 */
export const create2DeployerTransaction = {
  sender: '0x3fab184622dc19b6109349b94811493bf2a45362',
  /** Gas limit 100,000 at 100 gwei. */
  cost: 10n ** 16n,
  signed:
    '0xf8a58085174876e800830186a08080b853604580600e600039806000f350fe7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe03601600081602082378035828234f58015156039578182fd5b8082525050506014600cf31ba02222222222222222222222222222222222222222222222222222222222222222a02222222222222222222222222222222222222222222222222222222222222222',
} as const

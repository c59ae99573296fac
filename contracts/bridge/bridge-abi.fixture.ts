import { parseAbi } from 'viem'

/** What the tests call of the contracts of the OP Stack. */
export const bridgeAbi = parseAbi([
  'function initialize(address messenger, address superchainConfig, address systemConfig)',
  'function initialize(address otherBridge)',
  'function bridgeERC20To(address local, address remote, address to, uint256 amount, uint32 minGasLimit, bytes extraData)',
  'function deposits(address local, address remote) view returns (uint256)',
])

/** What the tests call of both messengers. */
export const messengerAbi = parseAbi([
  'function initialize(address superchainConfig, address portal, address systemConfig)',
  'function initialize(address otherMessenger)',
  'event RelayedMessage(bytes32 indexed msgHash)',
  'event FailedRelayedMessage(bytes32 indexed msgHash)',
])

/** What the tests call of the stand-in for the portal. */
export const portalAbi = parseAbi([
  'function relay(address sender, address target, uint256 value, uint256 gasLimit, bytes data)',
])

/** Role numbers of `ProvenantAccess.sol`; 0 is the admin role of every AccessManager. */
export const roleIds = {
  admin: 0n,
  registrar: 1n,
  epochPoster: 2n,
  guardian: 3n,
  upgrader: 4n,
  disputes: 5n,
  slasher: 6n,
  validator: 7n,
} as const

export type RoleName = keyof typeof roleIds

/** Role numbers of `ProvenantAccess.sol`; 0 is the admin role of every AccessManager. */
export const roleIds = { admin: 0n, operator: 1n, epochPoster: 2n, guardian: 3n } as const

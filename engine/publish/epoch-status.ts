/** States of an epoch in the rewards distributor. */
export const epochStatus = { none: 0, proposed: 1, active: 2, rejected: 3, disputed: 4 } as const

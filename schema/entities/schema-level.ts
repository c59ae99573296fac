/** Name of the migration that tables must be at for the entities of this version to fit them. */
export const schemaLevel = 'FinalizedViews1700000000003'

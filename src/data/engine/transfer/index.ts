export { type MoveOptions, moveRows } from './move-rows.ts'
export { type SpooledFile, type SpoolOptions, spool } from './spool.ts'
export { spoolError } from './spool-error.ts'
export { spooledRelation } from './spooled-relation.ts'

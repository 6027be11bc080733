export * from './delta/index.ts'
export * from './parquet-port.ts'
export * from './readable-files.ts'
export { RowSet } from './row-set.ts'

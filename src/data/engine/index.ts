export * from './chunk-rows.ts'
export * from './contract.ts'
export { DuckDbFiles, type DuckDbOptions, openDuckDb } from './duckdb/index.ts'
export * from './take-column.ts'

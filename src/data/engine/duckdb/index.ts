export { type DuckDbOptions, openDuckDb } from './open.ts'
export { DuckDbFiles } from './parquet.ts'

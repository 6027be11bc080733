export { arrowToParquet } from './arrow-parquet.ts'
export { type DuckDbOptions, openDuckDb } from './open.ts'
export { DuckDbFiles } from './parquet.ts'
export { type PostgresScan, postgresScan } from './postgres-scan.ts'

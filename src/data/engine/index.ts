export * from './chunk-rows.ts'
export * from './contract.ts'
export {
  arrowToParquet,
  DuckDbFiles,
  type DuckDbOptions,
  openDuckDb,
  type PostgresScan,
  postgresScan,
} from './duckdb/index.ts'
export { type OwnedOptions, openOwned } from './owner/index.ts'
export { openPostgres, type PostgresEngineOptions, postgresSchema, postgresType } from './postgres/index.ts'
export * from './take-column.ts'
export * from './targets-section.ts'
export * from './transfer/index.ts'

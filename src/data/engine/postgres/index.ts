export { openPostgres, type PostgresEngineOptions } from './open.ts'
export { postgresSchema, postgresType } from './types.ts'

/** For programs that read and write Delta tables by themselves, with a store and SQL to do it: `millrace/delta`. */
export { id, join, list, literal, type Sql, sql } from '../../base/sql/index.ts'
export { type OpenStoreOptions, openStore, type Store } from '../../base/store/index.ts'
export * from '../../data/table/index.ts'

export { quoteId, quoteValue } from './literal.ts'
export * from './render.ts'
export * from './sql.ts'

export * from './render.ts'
export * from './sql.ts'

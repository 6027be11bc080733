export { fingerprint, listFiles } from './list-files.ts'
export { SOURCE_KINDS } from './registry.generated.ts'
export * from './source.ts'
export * from './source-definition.ts'

export * from './contract.ts'
export * from './deliver.ts'
export { CHANNELS } from './registry.generated.ts'

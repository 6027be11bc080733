export * from './contract.ts'
export * from './local.ts'
export * from './open-store.ts'
export { errno, storeError } from './store-error.ts'

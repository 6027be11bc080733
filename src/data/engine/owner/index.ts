export { type OwnedOptions, openOwned } from './open-owned.ts'

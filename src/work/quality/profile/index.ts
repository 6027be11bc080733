export * from './profile.ts'
export { type ProfileOptions, profileTable } from './profile-table.ts'
export { proposeSuite } from './propose-suite.ts'

export { manifestJson } from './artifacts/manifest-json.ts'
export { type ArtifactMetadata, DBT_VERSION } from './artifacts/metadata.ts'
export { runResultsJson } from './artifacts/run-results-json.ts'
export * from './command/options.ts'
export * from './command/output.ts'
export * from './command/result.ts'
export { runDbt } from './command/run-dbt.ts'
export { DBT_PROJECT_FILE, type DbtPaths, readDbtPaths } from './dbt-project.ts'
export * from './node.ts'


export type { ProfileOutput } from './profile/outputs.ts'
export * from './profile/read-profile.ts'


export * from './packages/install-packages.ts'
export { PACKAGE_LOCK } from './packages/package-lock.ts'
export type { PinnedPackage } from './packages/resolve-packages.ts'
export * from './profile.ts'


export * from './select/select-nodes.ts'
export * from './select/selectable.ts'
export * from './select/selection-spec.ts'

export * from './connections.ts'
export * from './load-project.ts'
export * from './read-yaml.ts'
export * from './section.ts'

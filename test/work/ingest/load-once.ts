import { openLake } from './lake.ts'

// Loads the project in the folder named on the command line; a failpoint in the environment kills it on the way.
await using lake = await openLake(process.argv[2] ?? '.')
await lake.load()

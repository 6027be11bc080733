import { connectionsOf } from './database-project.ts'
import { openLake } from './lake.ts'

// Loads the project in a folder from a database; a failpoint in the environment kills it on the way.
const [, , dir = '.', kind = 'postgres', url = ''] = process.argv
await using lake = await openLake(dir)
await lake.load({ connections: connectionsOf(kind as 'postgres', url) })

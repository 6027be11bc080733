/** Pins a dataset of a lake in an engine in memory, says so, and holds it until standard input ends (or it is killed). */
import { openState } from '../../../src/base/state/index.ts'
import { openCatalog } from '../../../src/data/catalog/index.ts'
import { openDuckDb } from '../../../src/data/engine/index.ts'

const [dir = '', stateFile = ''] = process.argv.slice(2)
await using state = await openState(stateFile)
await using engine = await openDuckDb()
const config = {
  storage: { lake: { url: './lake' } },
  zones: { raw: { format: 'delta' as const, location: 'lake://raw' } },
}
const catalog = openCatalog({ engine, config, dir, shared: { state, database: 'shop' } })
await using pin = await catalog.pin(['raw.orders'])
process.stdout.write(`pinned ${pin.datasets[0]?.version}\n`)
for await (const _ of process.stdin);

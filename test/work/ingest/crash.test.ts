import { spawn } from 'node:child_process'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FAILPOINTS } from '../../../src/base/kernel/index.ts'
import { type Folder, folder } from '../../data/connect/folder.ts'
import { openLake } from './lake.ts'

const SOURCE = `tables:
  orders:
    files: data/*.csv
    cursor: id
    columns: { id: bigint, n: int }
    on_reject: { max: 10 }
`

async function grow(shop: Folder): Promise<void> {
  await appendFile(join(shop.dir, 'data/a.csv'), '3,30\nbad,1\n4,40\n')
  await shop.write('data/b.csv', 'id,n\n5,50\n6,oops\n')
}

async function filled(): Promise<Folder> {
  const shop = await folder()
  await shop.write('sources/shop.yml', SOURCE)
  await shop.write('data/a.csv', 'id,n\n1,10\n2,20\nx,1\n')
  return shop
}

/** Loads in a process of its own, which dies at the failpoint. */
function killed(dir: string, failpoint: string): Promise<NodeJS.Signals | null> {
  const script = join(import.meta.dirname, 'load-once.ts')
  const child = spawn(process.execPath, ['--conditions=millrace-source', script, dir], {
    env: { ...process.env, MILLRACE_FAILPOINT: failpoint },
    stdio: 'ignore',
  })
  return new Promise((done) => child.on('exit', (_, signal) => done(signal)))
}

const MOMENTS = FAILPOINTS.filter((name) => name.startsWith('ingest.')).flatMap((name) => [name])
const DELTA = ['delta.data-written:1', 'delta.before-commit:2', 'delta.after-commit:2', 'delta.after-commit:4']

test.each([...MOMENTS, ...DELTA])(
  'a process killed at %s leaves a load that the next one completes, nothing lost and nothing doubled',
  async (moment) => {
    await using undisturbed = await filled()
    const expected = async (shop: Folder) => {
      await using lake = await openLake(shop.dir)
      await lake.load()
      return { orders: await lake.rows('raw.orders'), rejects: await lake.rows('raw.orders_rejects') }
    }
    await expected(undisturbed)
    await grow(undisturbed)
    const wanted = await expected(undisturbed)
    expect(wanted.orders).toHaveLength(5)
    expect(wanted.rejects).toHaveLength(3)

    await using shop = await filled()
    expect(await killed(shop.dir, moment)).toBe('SIGKILL')
    await grow(shop)
    await killed(shop.dir, moment)
    expect(await expected(shop)).toEqual(wanted)
  },
)

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')
/** What generated programs import. */
export const FRAME = join(ROOT, 'src/data/frame/index.ts')

/** What TypeScript says of programs, and what it took. */
export interface Checked {
  readonly errors: readonly string[]
  readonly instantiations: number
  readonly checkSeconds: number
}

/** Type-checks programs, each a file of one project, with the options of this repository; `millrace` is its source. */
export async function checked(programs: Readonly<Record<string, string>>): Promise<Checked> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-types-'))
  try {
    await mkdir(join(folder, 'src'))
    for (const [name, text] of Object.entries(programs))
      await writeFile(join(folder, 'src', `${name}.${name.endsWith('.d') ? 'ts' : 'mts'}`), text)
    const config = {
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: {
        typeRoots: [join(ROOT, 'node_modules/@types')],
        paths: { millrace: [join(ROOT, 'src/index.ts')], 'millrace/frame': [FRAME] },
      },
      include: [join(folder, 'src')],
    }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    // One checker, so that nothing is counted twice.
    const said = await run(['-p', folder, '--extendedDiagnostics', '--singleThreaded'])
    return {
      errors: said.split('\n').filter((line) => line.includes('error TS')),
      instantiations: Number(/Instantiations:\s+(\d+)/.exec(said)?.[1]),
      checkSeconds: Number(/Check time:\s+([\d.]+)s/.exec(said)?.[1]),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(join(ROOT, 'node_modules/.bin/tsc'), args, { maxBuffer: 64_000_000 }, (_, out, wrong) =>
      resolve(`${out}${wrong}`),
    )
  })
}

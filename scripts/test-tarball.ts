/**
 * What a user of the published package does: install the tarball in an empty folder, `millrace init`, run the
 * project, run its own tests, ask the doctor. Also: an old Node is refused with a code.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'millrace-tarball-'))
// This script runs on the pinned Node; the commands shall too, whatever Node the machine has.
const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` }
let passed = 0

function run(cwd: string, command: string, args: readonly string[], expected = 0): string {
  const done = spawnSync(command, args, { cwd, env, encoding: 'utf8' })
  const said = `${done.stdout}${done.stderr}`
  if (done.status !== expected) {
    console.error(`${command} ${args.join(' ')}: exit ${done.status}, expected ${expected}\n${said}`)
    console.log(`\n${passed} passed, 1 failed`)
    process.exit(1)
  }
  passed += 1
  return said
}

/** Nodes on the machine's path that are older than the package supports. */
function oldNodes(): string[] {
  const found = (process.env.PATH ?? '').split(delimiter).map((bin) => join(bin, 'node'))
  return [...new Set(found)].filter((node) => {
    const done = spawnSync(node, ['--version'], { encoding: 'utf8' })
    const [major = 99, minor = 0] = (done.stdout ?? '').replace('v', '').split('.').map(Number)
    return done.status === 0 && (major < 22 || (major === 22 && minor < 18))
  })
}

try {
  run(root, 'npm', ['pack', '--silent', '--pack-destination', folder])
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  writeFileSync(join(folder, 'package.json'), '{ "name": "somewhere", "private": true }\n')
  run(folder, 'npm', ['install', '--silent', '--no-audit', '--no-fund', `./${tarball}`])
  run(folder, 'npx', ['--no-install', 'millrace', 'init', 'my-project'])
  const project = join(folder, 'my-project')
  console.log(run(project, 'npx', ['--no-install', 'millrace', 'run', 'daily', '--ds', '2024-01-02']))
  run(project, 'npm', ['test'])
  run(project, 'npx', ['--no-install', 'millrace', 'doctor'])
  run(project, 'npx', ['--no-install', 'millrace', 'types'])
  run(project, 'npx', ['--no-install', 'millrace', 'types', '--check'])
  const types = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  writeFileSync(
    join(project, 'tsconfig.published.json'),
    JSON.stringify({
      extends: './tsconfig.json',
      compilerOptions: { types: [] },
      include: ['pipelines', 'millrace.d.ts'],
    }),
  )
  run(project, process.execPath, [types, '-p', 'tsconfig.published.json'])
  for (const old of oldNodes()) {
    const refused = run(project, old, [join(folder, 'node_modules/millrace/bin/millrace.js'), 'doctor'], 2)
    if (!refused.includes('NODE_TOO_OLD')) throw new Error(`${old} was not refused: ${refused}`)
  }
  console.log(`\n${passed} passed, 0 failed`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

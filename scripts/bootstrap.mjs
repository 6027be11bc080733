// Runs the two commands of the README from a fresh clone, on any Node from 20: installs what the lock file
// names, builds what is out of date, and hands over to the pinned Node from node_modules. No dependency, no
// syntax newer than Node 20.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = join(root, 'node_modules', '.bin')
const [command = 'start', ...rest] = process.argv.slice(2)

const major = Number(process.versions.node.split('.')[0])
if (major < 20) {
  console.error(`error NODE_TOO_OLD: working on a clone needs Node 20 or newer, this is ${process.version}`)
  process.exit(2)
}

const scripts = {
  start: join(root, 'scripts', 'start.ts'),
  test: join(root, 'node_modules', 'vitest', 'vitest.mjs'),
}
if (command === 'install') install()
else if (command in scripts) {
  install()
  build()
  process.exitCode = pinned([scripts[command], ...(command === 'test' ? ['run'] : []), ...rest])
} else {
  console.error(`error USAGE: "${command}" is not one of install, ${Object.keys(scripts).join(', ')}`)
  process.exitCode = 2
}

/** `npm ci`, unless the installed tree already is the lock file's. */
function install() {
  const stamp = join(root, 'node_modules', '.millrace-installed')
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.error('Installing the packages that package-lock.json names …')
  const npm = process.env.npm_execpath
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel', 'error']
  const done = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (done.status !== 0) {
    console.error('error DEPENDENCY_MISSING: npm ci did not succeed; its own words stand above')
    process.exit(1)
  }
  writeFileSync(stamp, wanted)
}

/** Compiles `src` to `dist` when a source file is newer than the last build. */
function build() {
  const stamp = join(root, 'dist', '.built')
  const built = existsSync(stamp) ? statSync(stamp).mtimeMs : 0
  if (newest(join(root, 'src')) <= built) return
  mkdirSync(join(root, 'dist'), { recursive: true })
  const status = pinned([join(root, 'scripts', 'build.ts')])
  if (status !== 0) process.exit(status)
}

function newest(folder) {
  let latest = statSync(folder).mtimeMs
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs)
  }
  return latest
}

/** Runs a script on the Node that package.json pins, with node_modules/.bin first in the path. */
function pinned(args) {
  const done = spawnSync(join(bin, 'node'), ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
  })
  if (done.error) console.error(`error INTERNAL: starting the pinned Node: ${done.error.message}`)
  return done.status ?? 1
}

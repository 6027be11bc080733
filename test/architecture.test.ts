import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const source = join(root, 'src')

interface House {
  readonly floors: readonly { name: string; rooms: readonly string[] }[]
}

function readHouse(): House {
  const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const block = /```rooms\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
  const floors = block
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', ...rest] = line.trim().split(/\s+/)
      return { name, rooms: rest.filter((word) => word !== '·') }
    })
  return { floors }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : entry.name.endsWith('.ts') ? [path] : []
  })
}

const house = readHouse()
const files = filesBelow(source)

/** `data/table` of `src/data/table/delta/log.ts`; undefined for the package's own entry. */
function roomOf(file: string): string | undefined {
  const parts = relative(source, file).split('/')
  return parts.length >= 3 ? `${parts[0]}/${parts[1]}` : undefined
}

function height(room: string): readonly [number, number] {
  const [floor, name] = room.split('/')
  const level = house.floors.findIndex((candidate) => candidate.name === floor)
  return [level, house.floors[level]?.rooms.indexOf(name ?? '') ?? -1]
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path]) =>
    resolve(dirname(file), path ?? ''),
  )
}

test('ARCHITECTURE.md names every room, and only rooms that exist', () => {
  const named = house.floors.flatMap(({ name, rooms }) => rooms.map((room) => `${name}/${room}`)).sort()
  const real = [...new Set(files.map(roomOf).filter((room) => room !== undefined))].sort()
  expect(real).toEqual(named)
})

test('a room imports only from below and from its left', () => {
  const against: string[] = []
  for (const file of files) {
    const from = roomOf(file)
    if (!from) continue
    for (const target of importsOf(file)) {
      const to = roomOf(target)
      if (!to || to === from) continue
      const [fromFloor, fromRoom] = height(from)
      const [toFloor, toRoom] = height(to)
      if (toFloor > fromFloor || (toFloor === fromFloor && toRoom >= fromRoom)) {
        against.push(`${relative(root, file)} imports ${relative(root, target)}`)
      }
    }
  }
  expect(against).toEqual([])
})

test('a room is seen from outside by its public faces only', () => {
  const inner: string[] = []
  for (const file of files) {
    const from = roomOf(file)
    for (const target of importsOf(file)) {
      const to = roomOf(target)
      if (to && to !== from && !target.endsWith('/index.ts'))
        inner.push(`${relative(root, file)} → ${relative(root, target)}`)
    }
  }
  expect(inner.filter((arrow) => !arrow.startsWith('src/doors/cli'))).toEqual([])
})

test('no source file holds two ideas (500 lines)', () => {
  const long = files.filter(
    (file) => readFileSync(file, 'utf8').split('\n').length > 500 && !file.endsWith('.generated.ts'),
  )
  expect(long.map((file) => relative(root, file))).toEqual([])
})

test('no folder is called utils, helpers, common or misc', () => {
  expect(files.filter((file) => /\b(utils?|helpers?|common|misc)\b/.test(relative(source, file)))).toEqual([])
})

test('CONTRIBUTING.md gives the reason for every dependency', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >
  const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
  const names = [
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.devDependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
  ]
  expect(names.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([])
})

test('every dependency is pinned to one version', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >
  const versions = { ...manifest.dependencies, ...manifest.devDependencies }
  expect(Object.entries(versions).filter(([, version]) => !/^\d/.test(version))).toEqual([])
})

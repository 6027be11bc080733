import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { loadProject } from '../../../src/base/project/index.ts'

const kinds = {
  postgres: z.strictObject({ host: z.string().default('localhost'), password: z.string().optional() }),
  s3: z.strictObject({ region: z.string() }),
}
const TEXT = `name: shop
connections:
  warehouse: { kind: postgres, host: "\${DB_HOST}", password: "\${DB_PASSWORD}" }
  minio: { kind: s3, region: eu }
`

async function connections(text: string, environment: Record<string, string> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-connections-'))
  writeFileSync(join(dir, 'millrace.yml'), text)
  return (await loadProject(dir, [], environment, kinds)).connections
}

test('a project with unset variables is read; the variable is asked for when its connection is used', async () => {
  const found = await connections(TEXT, { DB_HOST: 'db' })
  expect(found.names).toEqual(['warehouse', 'minio'])
  expect(found.find('minio')).toEqual({ name: 'minio', kind: 's3', options: { region: 'eu' } })
  expect(() => found.get('warehouse', 'postgres')).toThrow(
    expect.objectContaining({
      code: 'SECRET_MISSING',
      message: expect.stringContaining('DB_PASSWORD'),
      at: expect.objectContaining({ line: 3, path: 'connections.warehouse.password' }),
    }),
  )
})

test('a connection in use has its variables, checked against the schema of its kind', async () => {
  const found = await connections(TEXT, { DB_HOST: 'db', DB_PASSWORD: 'secret' })
  expect(found.get('warehouse', 'postgres')).toEqual({ host: 'db', password: 'secret' })
})

test('a name that is not there, and one of another kind, are refused with those that fit', async () => {
  const found = await connections(TEXT)
  expect(() => found.find('warehose')).toThrow(
    expect.objectContaining({ code: 'CONNECTION_UNKNOWN', hint: expect.stringContaining('"warehouse"') }),
  )
  expect(() => found.get('minio', 'postgres')).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', hint: 'Of the kind postgres: warehouse.' }),
  )
})

test.each([
  ['connections:\n  a: { kind: postgers }', 'the kind "postgers" does not exist', 'Did you mean "postgres"?'],
  ['connections:\n  a: { host: x }', 'the connection "a" has no kind', 'Kinds are: postgres, s3.'],
  ['connections:\n  a: { kind: s3, regoin: x, region: y }', 'regoin', 'Did you mean "region"?'],
  ['conections: { a: { kind: s3, region: y } }', 'conections', 'Did you mean "connections"?'],
  ['connections: [1]', 'expected connections by name', undefined],
])('%j is refused when the project is read', async (text, message, hint) => {
  await expect(connections(`name: shop\n${text}\n`)).rejects.toMatchObject({
    code: 'PROJECT_INVALID',
    message: expect.stringContaining(message),
    ...(hint === undefined ? {} : { hint: expect.stringContaining(hint) }),
  })
})

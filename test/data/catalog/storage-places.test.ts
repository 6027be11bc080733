import { expect, test } from 'vitest'
import { storagePlaces } from '../../../src/data/catalog/index.ts'

test.each([
  ['s3://bucket/pre/orders', 's3://bucket', 'pre/orders'],
  ['s3a://bucket/pre/orders/', 's3://bucket', 'pre/orders'],
])('%s is in its bucket, and never a folder of this machine', (address, url, path) => {
  const place = storagePlaces({}, '/data')(address)
  expect([place.store.url, place.path]).toEqual([url, path])
})

test.each(['gs://bucket/orders', 'az://box/orders', 'gopher://box/orders'])(
  '%s without what leads there is refused, and never a folder of this machine',
  (address) => {
    expect(() => storagePlaces({}, '/data')(address)).toThrow(/Cloud Storage|az:|gopher/)
  },
)

test('an address below the URL of a storage is reached as that storage is', () => {
  const places = storagePlaces({ lake: { url: 's3://bucket/lake' } }, '/data')
  const [named, direct, beside] = ['lake://raw/orders', 's3://bucket/lake/raw/orders', 's3://bucket/other/x'].map(
    places,
  )
  expect(named?.store).toBe(direct?.store)
  expect([named?.path, direct?.path]).toEqual(['raw/orders', 'raw/orders'])
  expect([beside?.store.url, beside?.path]).toEqual(['s3://bucket', 'other/x'])
})

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CHANNELS, type Channel, deliver, type Notice } from '../../../src/base/notify/index.ts'
import { listener } from '../../services/listener.ts'

const notice: Notice = {
  level: 'critical',
  title: 'daily: 1 of 2 validations failed',
  key: 'checkpoint daily',
  at: new Date('2024-01-31T06:00:00Z'),
  sections: [
    { title: 'raw.orders', level: 'critical', facts: [['Met', '3 of 4']], lines: ['amount < 0: "<b>" & more'] },
    { title: 'raw.users', level: 'ok', facts: [['Met', '2 of 2']] },
  ],
  data: { success: false },
}

function channel(name: string): Channel {
  const found = CHANNELS.find((one) => one.name === name)
  if (found === undefined) throw new Error(name)
  return found
}

/** What a channel posts, with the options parsed as its users write them. */
async function posted(name: string, options: (url: string) => object, of: Notice = notice) {
  await using server = await listener(200)
  const outcome = await deliver(channel(name), channel(name).options.parse(options(server.url)), of)
  expect(outcome).toEqual({ channel: name, attempts: 1 })
  return server.heard[0]
}

describe('each channel says it in its own form', () => {
  test('a webhook gets the whole notice and its headers', async () => {
    const heard = await posted('webhook', (url) => ({ url, headers: { authorization: 'Bearer x' } }))
    expect(heard?.headers['authorization']).toBe('Bearer x')
    expect(heard?.body).toEqual({
      level: 'critical',
      title: notice.title,
      key: notice.key,
      at: '2024-01-31T06:00:00.000Z',
      data: { success: false },
    })
  })

  test('Slack gets blocks in which control characters are escaped', async () => {
    const heard = await posted('slack', (webhook) => ({ webhook }))
    const text = JSON.stringify(heard?.body)
    expect(heard?.body['text']).toBe(notice.title)
    expect(text).toContain('"type":"header"')
    expect(text).toContain('amount &lt; 0: \\"&lt;b&gt;\\" &amp; more')
  })

  test('Slack as an app gets the channel and the token', async () => {
    const heard = await posted('slack', (url) => ({ url, token: 'xoxb-1', channel: '#data' }))
    expect(heard?.headers['authorization']).toBe('Bearer xoxb-1')
    expect(heard?.body['channel']).toBe('#data')
  })

  test('more sections than Slack takes are counted, and texts are cut to what it takes', async () => {
    const section = { title: 'x'.repeat(5000), level: 'ok' as const, facts: [] }
    const heard = await posted('slack', (webhook) => ({ webhook }), { ...notice, sections: Array(80).fill(section) })
    const blocks = heard?.body['blocks'] as { text?: { text: string } }[]
    expect(blocks.length).toBeLessThanOrEqual(50)
    expect(Math.max(...blocks.map(({ text }) => text?.text.length ?? 0))).toBeLessThanOrEqual(3000)
    expect(JSON.stringify(blocks.at(-1))).toContain('and 34 more')
  })

  test('Teams gets one adaptive card', async () => {
    const heard = await posted('teams', (webhook) => ({ webhook }))
    const content = { type: 'AdaptiveCard', version: '1.5' }
    expect(heard?.body['attachments']).toMatchObject([
      { contentType: 'application/vnd.microsoft.card.adaptive', content },
    ])
    expect(JSON.stringify(heard?.body)).toContain('raw.users')
  })

  test('Teams gets no more than it takes, and no link that a value holds', async () => {
    const lines = Array.from({ length: 10 }, () => `[click](https://evil.example) ${'long '.repeat(50)}`)
    const many = Array.from({ length: 200 }, (_, i) => ({ title: `table ${i}`, level: 'critical' as const, facts: [], lines })) // biome-ignore format: one line
    const heard = await posted('teams', (webhook) => ({ webhook }), { ...notice, sections: many })
    const text = JSON.stringify(heard?.body)
    expect(Buffer.byteLength(text)).toBeLessThan(28 * 1024)
    expect(text).toMatch(/… and 1\d\d more/)
    expect(text).not.toContain('](')
  })

  test('PagerDuty keeps both of two sections of one title', async () => {
    const sections = ['first', 'second'].map((value) => ({ title: 'raw.orders', level: 'critical' as const, facts: [['Suite', value] as const] })) // biome-ignore format: one line
    const heard = await posted('pagerduty', (url) => ({ url, routing_key: 'R' }), { ...notice, sections, key: 'k'.repeat(400) }) // biome-ignore format: one line
    expect(heard?.body['payload']).toMatchObject({ custom_details: { 'raw.orders': 'Suite: first\n\nSuite: second' } })
    expect(heard?.body['dedup_key']).toHaveLength(255)
  })

  test("Slack's text without blocks calls nobody", async () => {
    const heard = await posted('slack', (webhook) => ({ webhook }), { ...notice, title: '<!channel> & <https://evil.example|x>' }) // biome-ignore format: one line
    expect(heard?.body['text']).toBe('&lt;!channel&gt; &amp; &lt;https://evil.example|x&gt;')
  })

  test.each([
    ['critical', 'trigger'],
    ['ok', 'resolve'],
  ] as const)('PagerDuty is told of %s by a %s of one incident', async (level, event_action) => {
    const heard = await posted('pagerduty', (url) => ({ url, routing_key: 'R', severity: 'error' }), {
      ...notice,
      level,
    })
    expect(heard?.body).toMatchObject({
      routing_key: 'R',
      dedup_key: 'checkpoint daily',
      event_action,
      payload: { summary: notice.title, severity: 'error', source: 'Millrace' },
    })
  })

  test('Opsgenie gets an alert with its key', async () => {
    const heard = await posted('opsgenie', (url) => ({ url, api_key: 'K', priority: 'P1' }))
    expect(heard?.headers['authorization']).toBe('GenieKey K')
    expect(heard?.body).toMatchObject({ message: notice.title, alias: notice.key, priority: 'P1' })
  })
})

describe('e-mail', () => {
  async function mailServer(refuses = false) {
    const mails: string[] = []
    const logins: string[] = []
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _, done) => {
        logins.push(`${username}:${password}`)
        done(refuses ? new Error('no') : null, { user: username })
      },
      onData: (stream, _, done) => {
        let text = ''
        stream.on('data', (chunk) => {
          text += chunk
        })
        stream.on('end', () => {
          mails.push(text)
          done()
        })
      },
    })
    server.on('error', () => {})
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const { port } = server.server.address() as AddressInfo
    return { port, mails, logins, [Symbol.asyncDispose]: () => new Promise<void>((done) => server.close(() => done())) }
  }

  test('is sent as text and as HTML in which values are escaped', async () => {
    await using server = await mailServer()
    const options = { host: '127.0.0.1', port: String(server.port), to: ['a@shop.example', 'b@shop.example'], from: 'mill@shop.example', user: 'u', password: 'p', tls: 'none' } // biome-ignore format: one line
    const email = channel('email')
    expect(await deliver(email, email.options.parse(options), notice)).toEqual({ channel: 'email', attempts: 1 })
    expect(server.logins).toEqual(['u:p'])
    expect(server.mails[0]).toContain('Subject: daily: 1 of 2 validations failed')
    expect(server.mails[0]).toContain('To: a@shop.example, b@shop.example')
    expect(server.mails[0]).toContain('&lt;b&gt;')
  })

  test('a mail server that says nothing is left after the time-out, with its connections', async () => {
    const email = channel('email')
    let open = 0
    const silent = createTcpServer((socket) => {
      open += 1
      socket.on('error', () => {}).on('close', () => (open -= 1))
    })
    await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready))
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as AddressInfo
    const options = email.options.parse({ host: '127.0.0.1', port, to: ['a@shop.example'], tls: 'none' })
    const outcome = await deliver(email, options, notice, { timeoutMs: 200, delayMs: 1, attempts: 2 })
    expect(outcome).toMatchObject({ attempts: 2, error: { code: 'NOTIFY_FAILED' } })
    await expect.poll(() => open).toBe(0)
  })

  test('is not tried again when the login is refused, and the error holds no password', async () => {
    await using server = await mailServer(true)
    const options = { host: '127.0.0.1', port: server.port, to: ['a@shop.example'], user: 'u', password: 'secret-word', tls: 'none' } // biome-ignore format: one line
    const email = channel('email')
    const outcome = await deliver(email, email.options.parse(options), notice, { delayMs: 1 })
    expect(outcome).toMatchObject({ attempts: 1, error: { code: 'NOTIFY_FAILED' } })
    expect(JSON.stringify(outcome)).not.toContain('secret-word')
  })
})

describe('delivery', () => {
  const webhook = channel('webhook')
  const quick = { timeoutMs: 300, delayMs: 1 }

  test.each([
    ['a server that fails at first is tried again', [503, 429, 200], 3, undefined],
    ['a server that goes on failing is given up', [500], 3, 'it answered 500'],
    ['what the server does not want is not said again', [404], 1, 'it answered 404'],
    ['a server that does not answer is left after the time-out', ['silence'], 3, 'it did not answer in time'],
  ] as const)('%s', async (_, answers, attempts, reason) => {
    await using server = await listener(...answers)
    const outcome = await deliver(webhook, { url: `${server.url}/secret-path` }, notice, quick)
    expect(outcome.attempts).toBe(attempts)
    expect(server.heard).toHaveLength(attempts)
    if (reason === undefined) expect(outcome.error).toBeUndefined()
    else expect(outcome.error?.message).toContain(reason)
    expect(`${outcome.error?.message} ${outcome.error?.hint}`).not.toContain('secret-path')
  })

  test('a server that is not there is an outcome, not an exception', async () => {
    const outcome = await deliver(webhook, { url: 'http://127.0.0.1:1/secret-path' }, notice, quick)
    expect(outcome).toMatchObject({ attempts: 3, error: { code: 'NOTIFY_FAILED' } })
    expect(JSON.stringify(outcome)).not.toContain('secret-path')
  })

  /** A server that does as it likes with each request. */
  async function odd(answer: (request: IncomingMessage, response: ServerResponse, number: number) => void) {
    let number = 0
    const server = createServer((request, response) => {
      request.resume().on('end', () => answer(request, response, ++number))
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`
  }

  test('a server that closes the connection is tried again', async () => {
    const url = await odd((request, response, number) => (number < 3 ? request.socket.destroy() : response.end()))
    expect(await deliver(webhook, { url }, notice, quick)).toEqual({ channel: 'webhook', attempts: 3 })
  })

  test('a server that has taken the message, and never ends its answer, is not waited for', async () => {
    const url = await odd((_, response) => void response.writeHead(200).write('endless'))
    const told = await deliver(webhook, { url }, notice, { ...quick, timeoutMs: 60_000 })
    expect(told).toEqual({ channel: 'webhook', attempts: 1 })
  })

  test('one that asks to wait is waited for, and not after the end of the command', async () => {
    const times: number[] = []
    const url = await odd((_, response, number) => {
      times.push(performance.now())
      response.writeHead(number === 1 ? 429 : 200, { 'retry-after': '1' }).end()
    })
    expect(await deliver(webhook, { url }, notice, quick)).toMatchObject({ attempts: 2 })
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900)
    const busy = await odd((_, response) => response.writeHead(429, { 'retry-after': '30' }).end())
    const ending = new AbortController()
    setTimeout(() => ending.abort(), 100)
    const told = await deliver(webhook, { url: busy }, notice, { ...quick, signal: ending.signal })
    expect(told).toMatchObject({ attempts: 1, error: { code: 'NOTIFY_FAILED' } })
  })

  test('an app of Slack that is answered by somebody else says so', async () => {
    const url = await odd((_, response) => response.end('<html>Welcome to the hotel</html>'))
    const slack = channel('slack')
    const told = await deliver(
      slack,
      slack.options.parse({ token: 'xoxb-secret', channel: '#data', url }),
      notice,
      quick,
    )
    expect(told.error).toMatchObject({ code: 'NOTIFY_FAILED', message: expect.stringContaining('something else') })
    expect(JSON.stringify(told)).not.toContain('secret')
  })

  test('the end of the command ends the attempts', async () => {
    await using server = await listener('silence')
    const ending = new AbortController()
    const outcome = deliver(webhook, { url: server.url }, notice, {
      ...quick,
      timeoutMs: 60_000,
      signal: ending.signal,
    })
    setTimeout(() => ending.abort(), 50)
    expect((await outcome).attempts).toBe(1)
  })
})

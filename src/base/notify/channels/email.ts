import { z } from 'zod'
import { escapeHtml, MillraceError, optional } from '../../kernel/index.ts'
import { defineChannel, type Notice } from '../contract.ts'

/** What is used of nodemailer. */
interface Mailer {
  createTransport(options: object): { sendMail(mail: object): Promise<unknown>; close(): void }
}

export default defineChannel({
  name: 'email',
  summary: 'Sends an e-mail by SMTP.',
  options: z.strictObject({
    host: z.string().min(1).describe('The SMTP server.'),
    port: z.coerce.number().int().min(1).max(65535).default(587).describe('Its port.'),
    to: z.array(z.string().min(3)).min(1).describe('Who gets it.'),
    from: z.string().optional().describe('The sender; the user when left out.'),
    user: z.string().optional().describe('The user to log in as.'),
    password: z.string().optional().describe("The user's password."),
    tls: z
      .enum(['none', 'starttls', 'implicit'])
      .default('starttls')
      .describe('Encrypted from the first byte (implicit), from STARTTLS on, or not at all.'),
  }),
  async send(notice, { host, port, to, from, user, password, tls }, { signal, timeoutMs }) {
    const { default: nodemailer } = await optional<{ default: Mailer }>('nodemailer', 'sends e-mail')
    const transport = nodemailer.createTransport({
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      // Closing the transport leaves a connection that is being made, and the process would wait for it.
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      ...(user === undefined ? {} : { auth: { user, pass: password } }),
    })
    const close = () => transport.close()
    signal.addEventListener('abort', close, { once: true })
    try {
      const sender = from ?? user ?? `millrace@${host}`
      await Promise.race([
        transport.sendMail({ from: sender, to, subject: notice.title, text: mailText(notice), html: mailHtml(notice) }),
        rejectedBy(signal),
      ])
    } catch (thrown) {
      if (thrown instanceof MillraceError) throw thrown
      const { code, responseCode } = thrown as { code?: string; responseCode?: number }
      const refused = responseCode !== undefined && responseCode >= 500
      const why =
        responseCode === undefined ? `it cannot be reached${code ? ` (${code})` : ''}` : `it answered ${responseCode}`
      throw new MillraceError('NOTIFY_FAILED', `sending an e-mail by ${host}: ${why}`, {
        ...(refused || code === 'EAUTH' ? {} : { retry: 'again' as const }),
      })
    } finally {
      signal.removeEventListener('abort', close)
      close()
    }
  },
})

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () =>
      reject(
        new MillraceError('NOTIFY_FAILED', 'sending an e-mail: the server did not answer in time', { retry: 'again' }),
      )
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
  })
}

function mailText({ title, sections, link }: Notice): string {
  const parts = sections.map(({ title, facts, lines = [] }) =>
    [title, ...facts.map(([name, value]) => `  ${name}: ${value}`), ...lines.map((line) => `  - ${line}`)].join('\n'),
  )
  return [title, ...parts, ...(link === undefined ? [] : [link])].join('\n\n')
}

function mailHtml({ title, sections, link }: Notice): string {
  const parts = sections.map(({ title, facts, lines = [] }) => {
    const rows = facts.map(
      ([name, value]) => `<tr><th align="left">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
    )
    const items = lines.map((line) => `<li>${escapeHtml(line)}</li>`)
    return `<h3>${escapeHtml(title)}</h3><table>${rows.join('')}</table>${items.length > 0 ? `<ul>${items.join('')}</ul>` : ''}`
  })
  const more = link === undefined ? '' : `<p><a href="${escapeHtml(link)}">More</a></p>`
  return `<h2>${escapeHtml(title)}</h2>${parts.join('')}${more}`
}

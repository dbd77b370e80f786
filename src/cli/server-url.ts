/** The address of a server as users give it to a command. */
import { InvalidArgumentError } from 'commander'

/** An HTTP address without a slash at its end, of http(s) or ws(s); with what is wrong and an example else. */
export function serverUrl(text: string): string {
  const address = URL.canParse(text) ? new URL(text) : undefined
  if (!address || !/^(https?|wss?):$/.test(address.protocol) || address.hostname === '') {
    const place = /^[\w.-]+(:\d+)?$/.test(text) && text.includes(':') ? text : '127.0.0.1:8484'
    throw new InvalidArgumentError(`Write an address such as http://${place}.`)
  }
  address.protocol = address.protocol.replace('ws', 'http')
  return address.href.replace(/\/$/, '')
}

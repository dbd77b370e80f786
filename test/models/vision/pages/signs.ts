/** Signs of the frozen set. */
import { type Drawn, page } from './page.js'

function sign(lines: readonly string[], style: string, question: string, right: RegExp): Drawn {
  const body = `<div style="text-align:center">${lines.map((line) => `<div>${line}</div>`).join('')}</div>`
  return { width: 520, height: 80 + 62 * lines.length, html: page(body, style), question, right }
}

export const signs: readonly Drawn[] = [
  sign(
    ['NO PARKING', 'Mon - Fri', '8 AM - 6 PM'],
    'font:bold 42px "DejaVu Sans";background:#fff;color:#c00;border:8px solid #c00',
    'What does this sign say?',
    /no parking/i,
  ),
  sign(
    ['PLATFORM 9', 'Bristol', '16:42'],
    'font:bold 44px "DejaVu Sans Mono";background:#001a33;color:#ffd34d',
    'When does the train to Bristol leave?',
    /16[:.]?42|4:42/,
  ),
  sign(
    ['WET FLOOR', 'Please take care'],
    'font:bold 44px "DejaVu Sans";background:#ffd500;color:#111',
    'What does the sign warn about?',
    /wet|floor/i,
  ),
  sign(
    ['Museum of Glass', 'Open 10 - 18', 'Closed on Mondays'],
    'font:36px "DejaVu Serif";background:#2f4f4f;color:#f5f5dc',
    'On which day is the museum closed?',
    /monday/i,
  ),
  sign(
    ['EXIT 34', 'Airport', '2 miles'],
    'font:bold 46px "DejaVu Sans";background:#0b6b3a;color:#fff',
    'Which exit is for the airport?',
    /34/,
  ),
  sign(
    ['Wi-Fi: Guest-Lounge', 'Password: maple2026'],
    'font:34px "DejaVu Sans";background:#fafafa;color:#222',
    'What is the Wi-Fi password?',
    /maple ?2026/i,
  ),
  sign(
    ['SPEED LIMIT', '55'],
    'font:bold 56px "DejaVu Sans Condensed";background:#fff;color:#000;border:6px solid #000',
    'What is the speed limit?',
    /55/,
  ),
  sign(
    ['Soup of the day', 'Pumpkin and ginger', '6.50'],
    'font:italic 34px "DejaVu Serif";background:#2b2b2b;color:#fff',
    'What is the soup of the day?',
    /pumpkin/i,
  ),
]

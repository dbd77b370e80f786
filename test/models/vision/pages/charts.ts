/** Charts of the frozen set. */
import { type Drawn, page } from './page.js'

function chart(
  title: string,
  bars: readonly (readonly [string, number])[],
  unit: string,
  question: string,
  right: RegExp,
  colour = '#3b82f6',
): Drawn {
  const most = Math.max(...bars.map(([, value]) => value))
  const columns = bars
    .map(
      ([name, value]) =>
        `<td valign="bottom" align="center" style="padding:0 10px"><div>${value}${unit}</div><div style="width:60px;height:${Math.round((200 * value) / most)}px;background:${colour}"></div><div style="margin-top:6px">${name}</div>`,
    )
    .join('')
  return {
    width: 90 * bars.length + 60,
    height: 350,
    html: page(
      `<h3 style="margin:0 0 12px">${title}</h3><table><tr>${columns}</table>`,
      'font:15px "DejaVu Sans";background:#fff;color:#111',
    ),
    question,
    right,
  }
}

export const charts: readonly Drawn[] = [
  chart(
    'Visitors per day',
    [
      ['Mon', 120],
      ['Tue', 145],
      ['Wed', 98],
      ['Thu', 162],
      ['Fri', 210],
    ],
    '',
    'How many visitors came on Friday?',
    /210/,
  ),
  chart(
    'Rainfall 2025 in mm',
    [
      ['Jan', 61],
      ['Feb', 48],
      ['Mar', 75],
      ['Apr', 33],
    ],
    '',
    'What is the title of this chart?',
    /rain/i,
    '#0ea5e9',
  ),
  chart(
    'Sales by region',
    [
      ['North', 34],
      ['South', 51],
      ['East', 27],
      ['West', 46],
    ],
    'k',
    'Which regions are in the chart?',
    /north.*south.*east.*west/is,
    '#f97316',
  ),
  chart(
    'Battery test, hours',
    [
      ['Alpha', 9],
      ['Bravo', 14],
      ['Delta', 11],
    ],
    'h',
    'How many hours did Bravo last?',
    /14/,
    '#16a34a',
  ),
]

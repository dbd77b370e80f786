/** Receipts of the frozen set. */
import { type Drawn, page } from './page.js'

function receipt(
  shop: string,
  items: readonly (readonly [string, string])[],
  sums: readonly (readonly [string, string])[],
  foot: string,
  question: string,
  right: RegExp,
  style = 'font:17px "DejaVu Sans Mono";background:#fff;color:#111',
): Drawn {
  const rows = (list: readonly (readonly [string, string])[]) =>
    `<table width="100%">${list.map(([name, price]) => `<tr><td>${name}<td align="right">${price}`).join('')}</table>`
  const body = `<center><b>${shop}</b></center><hr>${rows(items)}<hr>${rows(sums)}<p>${foot}</p>`
  return {
    width: 420,
    height: 230 + 27 * (items.length + sums.length),
    html: page(body, style),
    question,
    right,
  }
}

export const receipts: readonly Drawn[] = [
  receipt(
    'GREEN GROCER<br>14 Mill Lane',
    [
      ['Apples 1.2 kg', '3.48'],
      ['Oat milk', '2.19'],
      ['Brown bread', '2.85'],
      ['Tomatoes', '4.10'],
    ],
    [
      ['Subtotal', '12.62'],
      ['Tax', '0.88'],
      ['<b>TOTAL</b>', '<b>13.50</b>'],
    ],
    'Card **** 7731<br>2026-02-11 17:05',
    'What is the total on this receipt?',
    /13\.50/,
  ),
  receipt(
    'Cafe Central',
    [
      ['Espresso', '2.40'],
      ['Cheesecake', '5.20'],
      ['Orange juice', '3.90'],
    ],
    [['TOTAL EUR', '11.50']],
    'Table 7, served by Nina',
    'How much was the cheesecake?',
    /5\.20/,
    'font:18px "DejaVu Serif";background:#fbf7ee;color:#222',
  ),
  receipt(
    'HARDWARE DEPOT #218',
    [
      ['Hammer 16oz', '18.99'],
      ['Wood screws x100', '7.49'],
      ['Paint roller', '9.25'],
      ['Work gloves', '11.00'],
    ],
    [
      ['Subtotal', '46.73'],
      ['Sales tax 7.5%', '3.50'],
      ['TOTAL', '$50.23'],
      ['CASH', '$60.00'],
      ['CHANGE', '$9.77'],
    ],
    'Thank you!',
    'How much change was given?',
    /9\.77/,
  ),
  receipt(
    'City Parking<br>Garage North',
    [
      ['Entry', '08:12'],
      ['Exit', '11:47'],
      ['Duration', '3 h 35 min'],
    ],
    [['Paid', '$14.00']],
    'Ticket 004518',
    'How much was paid for parking?',
    /\b14(\.00)?\b/,
  ),
  receipt(
    'PHARMACY PLUS',
    [
      ['Vitamin D3', '8.95'],
      ['Bandages', '4.30'],
      ['Hand cream', '6.75'],
    ],
    [
      ['Total', '20.00'],
      ['Member discount', '-2.00'],
      ['Amount due', '18.00'],
    ],
    'Open Mon-Sat 8-20',
    'What is the amount due?',
    /\b18(\.00)?\b/,
    'font:16px "DejaVu Sans";background:#eef5f2;color:#134',
  ),
  receipt(
    'Pizza Napoli<br>Delivery',
    [
      ['Margherita', '9.50'],
      ['Quattro Formaggi', '12.00'],
      ['Tiramisu', '5.50'],
      ['Delivery', '3.00'],
    ],
    [
      ['Total', '30.00'],
      ['Tip', '4.00'],
      ['Charged', '34.00'],
    ],
    'Order 5521',
    'How much was the tip?',
    /\b4(\.00)?\b/,
  ),
  receipt(
    'BOOK CORNER',
    [
      ['The Long Road', '14.90'],
      ['Atlas of Birds', '32.00'],
      ['Notebook A5', '4.60'],
    ],
    [
      ['3 items', ''],
      ['TOTAL', '51.50'],
    ],
    'Receipt no. 90417',
    'What is the receipt number?',
    /90417/,
    'font:17px "DejaVu Sans Condensed";background:#fff;color:#000',
  ),
  receipt(
    'FUEL STOP 24',
    [
      ['Diesel 41.20 L', '68.39'],
      ['Car wash', '9.90'],
    ],
    [['TOTAL', '78.29']],
    'Pump 6 &nbsp; 2026-05-30 06:41',
    'What does the receipt say the total is?',
    /78\.29/,
  ),
]

/** Dialogs of programs of the frozen set. */
import { type Drawn, page } from './page.js'

function dialog(
  title: string,
  text: string,
  buttons: readonly string[],
  question: string,
  right: RegExp,
  accent = '#2563eb',
): Drawn {
  const body = `<div style="max-width:520px;margin:30px auto;background:#fff;border-radius:10px;box-shadow:0 4px 24px #0003;padding:24px">
<h2 style="margin:0 0 10px;color:${accent}">${title}</h2><p>${text}</p><p align="right">${buttons
    .map((name) => `<button style="font:15px DejaVu Sans;padding:8px 16px;margin-left:8px">${name}</button>`)
    .join('')}</p></div>`
  return {
    width: 680,
    height: 330,
    html: page(body, 'font:16px "DejaVu Sans";background:#cbd5e1;color:#1e293b'),
    question,
    right,
  }
}

export const dialogs: readonly Drawn[] = [
  dialog(
    'Disk almost full',
    'Only 1.8 GB are left on drive C. Free up some space to install the update.',
    ['Later', 'Clean up'],
    'What is the problem on my screen?',
    /disk|space|1\.8/i,
  ),
  dialog(
    'Payment declined',
    'Your bank refused the charge of $49.00. Error code: E-2047. Try another card.',
    ['Cancel', 'Use another card'],
    'What is the error code?',
    /2047/,
    '#dc2626',
  ),
  dialog(
    'Update available',
    'Version 5.3.1 is ready to install. The restart takes about 4 minutes.',
    ['Not now', 'Restart'],
    'Which version is available?',
    /5\.3\.1/,
  ),
  dialog(
    'Meeting with Laura',
    'Thursday, 9 April, 14:30 in room Maple. Agenda: budget for next year.',
    ['Decline', 'Accept'],
    'In which room is the meeting?',
    /maple/i,
    '#7c3aed',
  ),
  dialog(
    'Unsaved changes',
    'The document "Report Q3" has been changed. Do you want to save it before closing?',
    ['Discard', 'Save'],
    'Which document has unsaved changes?',
    /report q3/i,
  ),
  dialog(
    'Sign-in failed',
    'The password is wrong. You have 2 attempts left before the account is locked.',
    ['Forgot password?', 'Try again'],
    'How many attempts do I have left?',
    /\b2\b|two/i,
    '#dc2626',
  ),
  dialog(
    'Flight LX 318',
    'Zurich to London, gate B27. Boarding starts at 10:55. Seat 14C.',
    ['Show boarding pass'],
    'Which gate does my flight leave from?',
    /B ?27/i,
    '#b91c1c',
  ),
  dialog(
    'Delivery today',
    'Your parcel 7702-118 arrives between 15:00 and 17:00. The driver is Marco.',
    ['Track', 'Change'],
    'When does my parcel arrive?',
    /15[:.]?00|3 ?p/i,
    '#15803d',
  ),
]

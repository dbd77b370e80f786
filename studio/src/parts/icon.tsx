/** The page's icons: strokes of one width on a grid of 20. Decoration only: what they mean is in a text beside them. */

const PATHS = {
  microphone:
    'M10 2.5a2.5 2.5 0 0 1 2.5 2.5v4.5a2.5 2.5 0 0 1-5 0V5A2.5 2.5 0 0 1 10 2.5ZM4.5 9.5a5.5 5.5 0 0 0 11 0M10 15v2.5',
  muted:
    'M7.5 5.5V5a2.5 2.5 0 0 1 5 0v4M4.5 9.5a5.5 5.5 0 0 0 9 4.2M15.5 9.5v.8M10 15v2.5M3.5 3l13 14M7.5 8.5v1a2.5 2.5 0 0 0 3.5 2.3',
  stop: 'M6 6h8v8H6z',
  send: 'M10 16V4.5M5 9l5-5 5 5',
  file: 'M14.5 9.5 9.7 14.3a3 3 0 0 1-4.2-4.2l5.3-5.4a2 2 0 0 1 2.9 2.9l-5.2 5.1a1 1 0 0 1-1.4-1.4l4.4-4.4',
  sliders: 'M3.5 6h7M14.5 6h2M3.5 14h2M9.5 14h7M12.5 4v4M7.5 12v4',
  captions: 'M3 4.5h14v11H3zM6 9.5h3M11 9.5h3M6 12.5h5M13 12.5h1',
  code: 'M7 6 3 10l4 4M13 6l4 4-4 4',
  link: 'M8.5 11.5a3 3 0 0 0 4.2 0l2.4-2.4a3 3 0 0 0-4.2-4.2l-.9.9M11.5 8.5a3 3 0 0 0-4.2 0l-2.4 2.4a3 3 0 0 0 4.2 4.2l.9-.9',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  check: 'm4 10.5 4 4 8-9',
  play: 'M6.5 4.5v11l9-5.5z',
  pause: 'M7 5v10M13 5v10',
  record: 'M10 5.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Z',
  save: 'M10 3.5v9M6 9l4 4 4-4M4 16.5h12',
  close: 'm5 5 10 10M15 5 5 15',
  sound: 'M3.5 8v4h3l4 3.5v-11l-4 3.5zM13.5 7.5a3.5 3.5 0 0 1 0 5M15.5 5a7 7 0 0 1 0 10',
  camera: 'M3 6h9v8H3zM12 9l5-3v8l-5-3',
  screen: 'M3 4.5h14v9H3zM7.5 16.5h5',
  theme: 'M10 3.5a6.5 6.5 0 1 0 0 13ZM10 3.5a6.5 6.5 0 0 1 0 13',
  reset: 'M4.5 8A6 6 0 1 1 4 11M4.5 4v4h4',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}

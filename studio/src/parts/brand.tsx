/** The mark: two voices on one line, the user's above it, the model's below. Decoration; the name stands beside it. */

export function Brand() {
  return (
    <svg className="brand-mark" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path className="brand-you" d="M3 10V7M7 10V3M11 10V6M15 10V8" />
      <path className="brand-model" d="M5 10v4M9 10v7M13 10v3M17 10v5" />
    </svg>
  )
}

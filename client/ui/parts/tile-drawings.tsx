/** Lomme's own flat drawings for the five tiles of the picture-first look and for what is empty. */
const line = { fill: "none", "stroke-linecap": "round" } as const;

export function ThingsDrawing() {
  return (
    <svg class="il" viewBox="0 0 96 96" aria-hidden="true" focusable="false">
      <path fill="#fbf7f0" d="M20 22l44-8 8 46-44 8z" />
      <path fill="#f4b73f" d="M30 16h44v50H30z" />
      <circle cx="62" cy="30" r="6" fill="#fbf7f0" />
      <path d="M30 54l14-16 12 12 8-7 10 9v14H30z" fill="#4f6238" />
      <path fill="#1d2433" d="M14 50h68v14a30 26 0 0 1-30 26h-8a30 26 0 0 1-30-26z" />
      <path d="M20 58h58" stroke="#fbf7f0" stroke-width="2.5" stroke-dasharray="6 5" stroke-linecap="round" />
    </svg>
  );
}

export function PeopleDrawing() {
  return (
    <svg class="il" viewBox="0 0 96 96" aria-hidden="true" focusable="false">
      <path fill="#b5432e" d="M6 90V50a18 18 0 0 1 36 0v40z" />
      <path fill="#2f4b7c" d="M36 90V32a20 20 0 0 1 40 0v58z" />
      <path fill="#f4b73f" d="M62 90V62a15 15 0 0 1 30 0v28z" />
      <g fill="#fbf7f0">
        <circle cx="18" cy="50" r="2.6" />
        <circle cx="28" cy="50" r="2.6" />
        <circle cx="50" cy="33" r="2.8" />
        <circle cx="61" cy="33" r="2.8" />
      </g>
      <g fill="#1d2433">
        <circle cx="73" cy="63" r="2.4" />
        <circle cx="82" cy="63" r="2.4" />
      </g>
      <path d="M18 58q5 4 10 0M50 42q5.500 5 11 0" stroke="#fbf7f0" stroke-width="2.6" {...line} />
      <path d="M73 70q4.500 4 9 0" stroke="#1d2433" stroke-width="2.6" {...line} />
    </svg>
  );
}

export function WishesDrawing() {
  return (
    <svg class="il" viewBox="0 0 96 96" aria-hidden="true" focusable="false">
      <path fill="#fbf7f0" d="M48 8l11 26 28 3-21 19 6 28-24-15-24 15 6-28L9 37l28-3z" />
    </svg>
  );
}

/** Two pens on one sheet. */
export function TogetherDrawing() {
  return (
    <svg class="il" viewBox="0 0 96 96" aria-hidden="true" focusable="false">
      <path fill="#e8d5b9" d="M22 14h52v68H22z" />
      <path d="M31 62h34M31 71h22" stroke="#1d2433" stroke-width="4" {...line} />
      <path fill="#b5432e" d="M10 18l11-6 23 38-3 10-9-4z" />
      <path fill="#2f4b7c" d="M86 18l-11-6-23 38 3 10 9-4z" />
      <path fill="#1d2433" d="M36.500 57.500l4.500 2.500 1-5zM59.500 57.500l-4.500 2.500-1-5z" />
    </svg>
  );
}

/** From house to house, along a stitched line. */
export function LifeDrawing() {
  return (
    <svg class="il" viewBox="0 0 96 96" aria-hidden="true" focusable="false">
      <path d="M24 78q2-18 22-18t24-20" stroke="currentColor" stroke-width="4" stroke-dasharray="7 7" {...line} />
      <path fill="#f4b73f" d="M10 72h30v18H10z" />
      <path fill="#8a5577" d="M5 74l20-16 20 16z" />
      <path fill="#1d2433" d="M21 80h8v10h-8z" />
      <path fill="#e8d5b9" d="M52 26h34v24H52z" />
      <path fill="#b5432e" d="M46 29L69 8l23 21z" />
      <path fill="#1d2433" d="M64 36h10v14H64z" />
    </svg>
  );
}

/** A folder, and what is written in it. */
export function CaseDrawing() {
  return (
    <svg class="il" viewBox="0 0 96 96" aria-hidden="true" focusable="false">
      <path fill="#b5432e" d="M8 22h30l8 10h42v52H8z" />
      <path fill="#fbf7f0" d="M18 40h60v36H18z" />
      <path d="M28 50h40M28 59h40M28 68h22" stroke="#b5432e" stroke-width="4" {...line} />
    </svg>
  );
}

export function AnswersDrawing() {
  return (
    <svg class="il" viewBox="0 0 96 96" aria-hidden="true" focusable="false">
      <path fill="#fbf7f0" d="M10 14h76v54H46L26 86V68H10z" />
      <circle cx="38" cy="36" r="4" fill="#1d2433" />
      <circle cx="58" cy="36" r="4" fill="#1d2433" />
      <path d="M36 48q12 10 24 0" stroke="#1d2433" stroke-width="4" {...line} />
    </svg>
  );
}

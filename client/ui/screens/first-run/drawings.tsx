/** Own flat drawings of the first run: people are pockets turned over. */

export function ChildDrawing() {
  return (
    <svg class="il" viewBox="0 0 96 96" aria-hidden="true" focusable="false">
      <path fill="var(--sky)" d="M0 0h96v96H0z" />
      <path fill="var(--brick)" d="M14 96V62a17 17 0 0 1 34 0v34z" />
      <path fill="var(--rain)" d="M44 96V46a19 19 0 0 1 38 0v50z" />
      <g fill="#fbf7f0">
        <circle cx="25" cy="62" r="2.6" />
        <circle cx="36" cy="62" r="2.6" />
      </g>
      <g fill="#1d2433">
        <circle cx="57" cy="46" r="2.8" />
        <circle cx="69" cy="46" r="2.8" />
      </g>
      <path d="M25 70q5.500 4 11 0" fill="none" stroke="#fbf7f0" stroke-width="2.6" stroke-linecap="round" />
      <path d="M57 55q6 5 12 0" fill="none" stroke="#1d2433" stroke-width="2.6" stroke-linecap="round" />
    </svg>
  );
}

export function CarerDrawing() {
  return (
    <svg class="il" viewBox="0 0 96 96" aria-hidden="true" focusable="false">
      <path fill="var(--sand)" d="M0 0h96v96H0z" />
      <path fill="var(--plum)" d="M10 50L48 18l38 32v46H10z" />
      <path d="M4 52L48 14l44 38" fill="none" stroke="#1d2433" stroke-width="7" stroke-linejoin="round" />
      <path fill="#fbf7f0" d="M24 96V66a13 13 0 0 1 26 0v30zM54 96V76a9 9 0 0 1 18 0v20z" />
      <g fill="#1d2433">
        <circle cx="32" cy="67" r="2.4" />
        <circle cx="42" cy="67" r="2.4" />
        <circle cx="60" cy="77" r="2" />
        <circle cx="67" cy="77" r="2" />
      </g>
    </svg>
  );
}

export function CaseworkerDrawing() {
  return (
    <svg class="il" viewBox="0 0 96 96" aria-hidden="true" focusable="false">
      <path fill="var(--moss)" d="M0 0h96v96H0z" />
      <path fill="#fbf7f0" d="M28 96V40a20 20 0 0 1 40 0v56z" />
      <g fill="#1d2433">
        <circle cx="41" cy="40" r="2.8" />
        <circle cx="54" cy="40" r="2.8" />
      </g>
      <path d="M41 50q6.500 4 13 0" fill="none" stroke="#1d2433" stroke-width="2.6" stroke-linecap="round" />
      <path fill="var(--rain)" d="M18 66h22l5 6h33v24H18z" />
      <path d="M28 82h34M28 89h22" stroke="#1d2433" stroke-width="3.500" stroke-linecap="round" />
    </svg>
  );
}

/** Two hands' worth of tablet: from one pocket-person to another. */
export function HandOverDrawing() {
  return (
    <svg class="pic" viewBox="0 0 312 150" aria-hidden="true" focusable="false">
      <path fill="var(--sand)" d="M0 0h312v150H0z" />
      <path fill="var(--plum)" d="M30 150V66a36 36 0 0 1 72 0v84z" />
      <path d="M50 58q6-5 12 0M72 58q6-5 12 0" fill="none" stroke="#fbf7f0" stroke-width="4" stroke-linecap="round" />
      <path fill="var(--brick)" d="M212 150V92a30 30 0 0 1 60 0v58z" />
      <g fill="#fbf7f0">
        <circle cx="230" cy="90" r="4" />
        <circle cx="249" cy="90" r="4" />
      </g>
      <path d="M230 103q9 7 18 0" fill="none" stroke="#fbf7f0" stroke-width="4" stroke-linecap="round" />
      <path fill="#1d2433" d="M128 84h66v48h-66z" />
      <path fill="var(--denim)" d="M135 91h52v14a26 20 0 0 1-52 0z" />
      <path d="M139 98h44" stroke="#fbf7f0" stroke-width="2.500" stroke-dasharray="5 4" stroke-linecap="round" />
      <path
        d="M106 40c34-26 70-26 98 6m2-16l-2 16-16-2"
        fill="none"
        stroke="#1d2433"
        stroke-width="4"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

/** Three looks on the same things: tiles, tiles and rows, rows. */
export function LookDrawing({ look }: { look: "pictures" | "middle" | "quiet" }) {
  return (
    <svg class="il" viewBox="0 0 96 96" aria-hidden="true" focusable="false">
      <path fill="var(--ground)" stroke="var(--edge)" stroke-width="2" d="M17 1h62v94H17z" />
      {look === "pictures" && (
        <>
          <path fill="var(--sky)" d="M22 10h25v30H22z" />
          <path fill="var(--sand)" d="M49 6h25v34H49z" />
          <path fill="var(--plum)" d="M22 43h16v26H22z" />
          <path fill="var(--brick)" d="M40 43h16v26H40z" />
          <path fill="var(--moss)" d="M58 43h16v26H58z" />
        </>
      )}
      {look === "middle" && (
        <>
          <path fill="var(--sky)" d="M22 22h11v11H22z" />
          <path fill="var(--brick)" d="M36 22h11v11H36z" />
          <path fill="var(--moss)" d="M49 22h11v11H49z" />
          <path fill="var(--sand)" d="M63 22h11v11H63z" />
          <path d="M24 12h24" stroke="var(--text)" stroke-width="5" />
          <path d="M24 44h48M24 54h40M24 64h44" stroke="var(--text-2)" stroke-width="3" />
        </>
      )}
      {look === "quiet" && (
        <>
          <path d="M24 14h40" stroke="var(--text)" stroke-width="5" />
          <path
            d="M24 25h48M24 33h44M24 41h46M24 49h30M24 57h44M24 65h36"
            stroke="var(--text-2)"
            stroke-width="2.500"
          />
        </>
      )}
      <path fill="var(--pocket)" d="M17 74h62v8a13 13 0 0 1-13 13H30a13 13 0 0 1-13-13z" />
    </svg>
  );
}

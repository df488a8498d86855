// The server sends instants; this keeps the words and the bar true, once a minute, and each second in
// the last five minutes; one with data-coarse never by the second. A paused clock stands still.
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NEAR = 75;

function words(left, coarse) {
  const span = Math.abs(left);
  const text = length(span, !coarse && left > 0 && span < 5 * MINUTE);
  return left < 0 ? `late ${text}` : text;
}

function length(span, bySecond) {
  if (bySecond) return `${Math.floor(span / MINUTE)} min ${Math.floor((span % MINUTE) / 1000)} s`;
  if (span < HOUR) return `${Math.floor(span / MINUTE)} min`;
  if (span >= DAY) return `${Math.floor(span / DAY)} d`;
  const minutes = Math.floor((span % HOUR) / MINUTE);
  return `${Math.floor(span / HOUR)} h ${String(minutes).padStart(2, "0")}`;
}

function state(left, used) {
  if (left < 0) return "late";
  return used >= NEAR ? "near" : "";
}

function update(clock, now) {
  const start = Date.parse(clock.dataset.start);
  const due = Date.parse(clock.dataset.due);
  if (clock.dataset.pause || Number.isNaN(due)) return Infinity;
  const left = due - now;
  // A browser's time may be a little behind ours: what just began has used nothing.
  const share = Number.isNaN(start) ? 0 : (100 * (now - start)) / (due - start);
  const used = Math.max(0, Math.min(100, share));
  clock.dataset.state = state(left, used);
  const said = words(left, "coarse" in clock.dataset);
  const wide = clock.matches(".clock-wide") && left > 0;
  clock.querySelector(".clock-words").textContent = wide ? `${said} left` : said;
  clock.querySelector(".clock-used")?.setAttribute("width", `${used}%`);
  return "coarse" in clock.dataset ? Infinity : left;
}

function updatePerson(now) {
  for (const place of document.querySelectorAll("[data-zone]")) {
    const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: place.dataset.zone };
    place.textContent = new Intl.DateTimeFormat("en-GB", options).format(now);
  }
}

function tick() {
  const now = Date.now();
  const left = [...document.querySelectorAll("[data-clock]")].map((clock) => update(clock, now));
  updatePerson(now);
  const soon = left.some((span) => span > 0 && span < 5 * MINUTE);
  setTimeout(tick, soon ? 1000 : MINUTE - (now % MINUTE));
}

tick();
document.addEventListener("htmx:afterSettle", () => {
  const now = Date.now();
  document.querySelectorAll("[data-clock]").forEach((clock) => update(clock, now));
});

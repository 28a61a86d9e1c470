export default function Screen() {
  return <p class="notice">Loading the map …</p>;
}

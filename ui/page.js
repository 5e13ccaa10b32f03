// What is clicked inside the page's HTML: done here where it needs no server, handed on as a `click` otherwise.
const done = (button) => {
  if (button.textContent === button.dataset.done) return;
  const label = button.textContent;
  button.textContent = button.dataset.done;
  setTimeout(() => { button.textContent = label; }, 1500);
};
const copy = async (text, button) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {  // no clipboard without a secure context: the old way
    const area = Object.assign(document.createElement('textarea'), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    button.focus();
  }
  done(button);
};
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-action]');
  if (!button) return;
  const data = { ...button.dataset };
  if (data.action === 'copy') return copy(data.text, button);
  if (data.action === 'share') {
    const link = `${location.origin}${location.pathname}?q=${encodeURIComponent(data.question)}`;
    return copy(link, button);
  }
  // While an answer is being made the conversations are its own: it writes them back when it is done.
  if (data.action !== 'open' && document.querySelector('.silang-step')) return;
  if (data.action === 'feedback') {
    const note = button.closest('details').querySelector('input');
    data.note = note.value;
    note.value = '';
  }
  if (data.action === 'delete' && !confirm(data.ask)) return;
  if (data.action === 'rename') {
    data.title = prompt(data.ask, data.title);
    if (!data.title) return;
  }
  window.silangDid = data.action;
  trigger('click', data);
});
// What scrolls can be reached by keyboard.
document.querySelectorAll('.sidebar-content').forEach((part) => { part.tabIndex = 0; });
// Another tab changed what the browser keeps: this one takes it in when it is looked at again.
if (element.querySelector('.silang-list') && !window.silangTabs) {
  window.silangTabs = true;
  let changed = false;
  window.addEventListener('storage', (event) => { changed ||= event.key === 'silang-conversations'; });
  window.addEventListener('focus', () => { if (changed && !document.querySelector('.silang-step')) location.reload(); });
}

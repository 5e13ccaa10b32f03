// What is clicked inside the page's HTML: done here where it needs no server, handed on as a `click` otherwise.
const done = (button) => {
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
  if (data.action === 'feedback') data.note = button.closest('details').querySelector('input').value;
  if (data.action === 'delete' && !confirm(data.ask)) return;
  if (data.action === 'rename') {
    data.title = prompt(data.ask, data.title);
    if (!data.title) return;
  }
  trigger('click', data);
});

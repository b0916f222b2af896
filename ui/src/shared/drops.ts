// Files dropped where nothing takes them: the window would leave the page to show the file.

export function guardDrops(target: Document = document): () => void {
  const keep = (event: DragEvent): void => {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'none'
  }
  target.addEventListener('dragover', keep)
  target.addEventListener('drop', keep)
  return () => {
    target.removeEventListener('dragover', keep)
    target.removeEventListener('drop', keep)
  }
}

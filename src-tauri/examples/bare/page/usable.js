requestAnimationFrame(() => performance.mark('usable'))

"""The size of a page's screen, changed as a reader changes it."""


def set_screen(page, width, height):
    """Give a page a screen of this size, and wait until the page has been told and has settled into it.

    It is told with its next frame, and what observes sizes hears at the end of that frame. Under load a frame may come
    after a test has asked for much.
    """
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

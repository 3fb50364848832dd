"""What a screen reader hears: each element that readers use, as it stands in Chromium's accessibility tree."""

import pytest

import socialcoop as sc
from socialcoop.book.transcripts import Transcript

# What only puts other things together, and says nothing of itself.
SILENT = {
    "none",
    "generic",
    "InlineTextBox",
    "RootWebArea",
    "ListMarker",
    "LabelText",
    "Legend",
    "MenuListPopup",
    "paragraph",
}


def explorable(told, **controls):
    """Return an explorable of a point, which says what the function tells of the values."""
    chart = sc.book.chart.Chart(xlim=(0, 9), ylim=(0, 9), xlabel="stage")
    point = chart.line("ai o")

    def update(**values):
        point.set_data([len(str(values))], [1])
        return told(**values)

    return sc.explore(chart.picture("A point in a square. It moves.", update), **controls)


def talk(name):
    """Return what somebody says on Monday."""
    return sc.book.Told(f"{name} speaks.", Transcript((("Monday",), (1, (("partner", name, "Hello."),), "1.0 so far"))))


SHOWN = {
    "slider": explorable(lambda episodes: f"{episodes} records do.", episodes=[10, 1000]),
    "select": explorable(lambda tone: f"Be {tone}.", tone=["direct", "warm"]),
    "transcript": explorable(talk, name=["Ann", "Ben"]),
    "question": sc.book.ask("Is 1 + 3 = 4?", {"yes": "It is.", "no": "Add them once more."}, "yes"),
}


@pytest.fixture
def opened(open_timed, tmp_path):
    """Return a function that opens a page with one element and a clock of its own, and a reader of what is heard."""

    def opens(kind):
        path = tmp_path / f"{kind}.html"
        path.write_text(f'<!doctype html><html lang="en"><title>{kind}</title>{SHOWN[kind].html()}', encoding="utf-8")
        page = open_timed(path.as_uri())
        session = page.context.new_cdp_session(page)
        return page, lambda: heard(session)

    return opens


def heard(session):
    """Return the tree of a page as it is read: a line for each role, name and value, in their order."""
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    known, lines = {node["nodeId"]: node for node in nodes}, []

    def read(node):
        role, name, value = (str(node.get(key, {}).get("value", "")) for key in ("role", "name", "value"))
        if role == "slider":
            value = attributes(session, node)["aria-valuetext"]  # which the protocol leaves out
        line = f"{role}: {name}{' = ' * bool(value)}{value}".removeprefix("StaticText: ").removesuffix(": ")
        before, _, label = lines[-1].rpartition(": ") if lines else ("", "", "")
        again = role == "StaticText" and (label == name or before == "button")  # a button has no words but its name
        if not (node["ignored"] or role in SILENT or again):
            lines.append(line)
        for child in node.get("childIds", []):
            read(known[child])

    read(nodes[0])
    return lines


def attributes(session, node):
    """Return the attributes of the element that a node of the tree stands for."""
    told = session.send("DOM.describeNode", {"backendNodeId": node["backendDOMNodeId"]})["node"]["attributes"]
    return dict(zip(told[::2], told[1::2], strict=True))


EXPLORED = """\
figure: Figure to explore by {name}
image: A point in a square. It moves.
group: Controls
{control}
{finding}
{beside}button: pin
button: full screen
button: Save as SVG
button: Save as PNG"""

SLIDER = "slider: records, K = {}"
LIST = "combobox: {} = {}\noption: {}\noption: {}"
TALK = """\
region: Transcript
list
listitem
Monday
listitem
stage 1 · 1.0 so far
{}
Hello.
"""


def explored(name, control, finding, beside=""):
    """Return what is heard of an explorable."""
    return EXPLORED.format(name=name, control=control, finding=finding, beside=beside).splitlines()


def rest(page):
    """Wait until what was found has been spoken, and stands there only to be read."""
    spoken = page.locator(".sc-spoken")
    page.clock.run_for(1000)
    assert spoken.text_content() != ""
    page.clock.run_for(10_000)
    assert spoken.text_content() == ""


def test_a_slider_is_heard_with_its_name_its_value_and_its_finding_each_once(opened):
    page, tree = opened("slider")
    assert tree() == explored("records, K", SLIDER.format("10"), "10 records do.")
    page.locator("[data-control]").press("End")
    rest(page)
    assert tree() == explored("records, K", SLIDER.format("1,000"), "1000 records do.")


def test_a_list_is_heard_with_its_name_its_value_and_its_finding_each_once(opened):
    page, tree = opened("select")
    assert tree() == explored("tone", LIST.format("tone", "direct", "direct", "warm"), "Be direct.")
    page.locator("[data-control]").select_option("warm")
    rest(page)
    assert tree() == explored("tone", LIST.format("tone", "warm", "direct", "warm"), "Be warm.")


def test_a_transcript_is_heard_after_the_finding_as_a_list(opened):
    page, tree = opened("transcript")
    names = LIST.format("name", "{}", "Ann", "Ben")
    assert tree() == explored("name", names.format("Ann"), "Ann speaks.", TALK.format("Ann"))
    page.locator("[data-control]").select_option("Ben")
    rest(page)
    assert tree() == explored("name", names.format("Ben"), "Ben speaks.", TALK.format("Ben"))


QUESTION = """\
form
group: Is 1 + 3 = 4?
radio: yes
radio: no
button: Check
status
{}group
DisclosureTriangle: Answer"""


def test_a_question_is_heard_with_its_choices_and_then_with_its_reply(opened):
    page, tree = opened("question")
    assert tree() == QUESTION.format("").splitlines()
    page.get_by_label("no").check()
    page.get_by_role("button", name="Check").press("Enter")
    assert tree() == QUESTION.format("Not so. Add them once more.\n").splitlines()

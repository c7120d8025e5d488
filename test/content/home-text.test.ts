import { describe, expect, it } from "vitest";
import { homeText } from "../../src/content/home-text.ts";

describe("the text of a home page's frontmatter", () => {
  it("is what VitePress shows of it, in its order", () => {
    const frontmatter = {
      layout: "home",
      hero: {
        name: "Lantern",
        text: "Lamps from the <em>command</em> line",
        tagline: "More lamps than hands_\nor eyes",
        image: { src: "/lamp.svg", alt: "A lamp" },
        actions: [{ theme: "brand", text: "Start <now>", link: "/guide/" }, { link: "/" }],
      },
      features: [
        { icon: "💡", title: "Fast", details: "Starts in <code>v-lamp</code> [0.1 s]" },
        { title: "Quiet", details: "", link: "/quiet", linkText: "Hear it" },
        "no feature",
      ],
    };
    expect(homeText(frontmatter)).toEqual({
      title: "Lantern Lamps from the command line",
      text: [
        "Lantern Lamps from the <em>command</em> line",
        "More lamps than hands\\_ or eyes",
        "Start &lt;now>",
        "- Fast. Starts in <code>v-lamp</code> \\[0.1 s\\]\n- Quiet. Hear it",
        "",
      ].join("\n\n"),
    });
  });

  it.each([
    [{ layout: "doc", hero: { name: "Lantern" } }],
    [{ hero: { name: "Lantern" } }],
    [{ layout: "home" }],
    [{ layout: "home", hero: "Lantern", features: { title: "Fast" } }],
  ])("is none where VitePress shows none: %j", (frontmatter) => {
    expect(homeText(frontmatter)).toBeNull();
  });
});

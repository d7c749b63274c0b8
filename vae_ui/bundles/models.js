// Made by `make bundles` from the modules in the folders called js: change those, never this file.
function i(a,e,r={}){let t=document.createElement(a);t.className=e;for(let[o,n]of Object.entries(r))t.setAttribute(o,String(n));return t}function p(a,e,r){let t=i(a,e);return t.textContent=r,t}function d(a,e,r,t){let o=i("button","",{type:"button",title:e});return t&&o.setAttribute("aria-label",t),o.textContent=a,o.addEventListener("click",r),o}function f(a,e){let r=String(!!e);a.getAttribute("aria-pressed")!==r&&a.setAttribute("aria-pressed",r)}function x(a,e){a.textContent!==e&&(a.textContent=e)}var m={};function y(a){m=a??{}}function c(a,e={}){return(m[a]??a).replace(/\{(\w+)\}/g,(r,t)=>String(e[t]??r))}var w=`.gallery { font-family: var(--st-font); color: var(--st-text-color); line-height: 1.4; }
.gallery .bar { display: flex; flex-wrap: wrap; gap: 8px 14px; align-items: flex-start; }
.gallery .search { flex: 1 1 250px; max-width: 300px; min-width: 0; }
.gallery .search, .gallery .chips button { font: inherit; font-size: .92rem; color: inherit; background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: 8px; min-height: 36px; box-sizing: border-box; }
.gallery .search { padding: 5px 12px; }
.gallery .search::placeholder { color: inherit; opacity: .75; }
.gallery .chips { display: flex; flex-wrap: wrap; gap: 6px; flex: 100 1 480px; min-width: 0; }
.gallery .chips button { padding: 3px 10px; cursor: pointer; font-size: .86rem; white-space: nowrap; flex: none; }
.gallery .chips button[aria-pressed="true"] { background: var(--st-secondary-background-color); font-weight: 600;
  box-shadow: inset 0 -3px 0 var(--st-primary-color); }
.gallery .count { margin: 8px 0; font-size: .85rem; opacity: .8; }
.gallery .cards { list-style: none; margin: 0; padding: 0; display: grid; gap: 16px;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 275px), 1fr)); }
.gallery .card { border: 1px solid var(--st-border-color); border-radius: 10px; padding: 12px 14px; display: flex; flex-direction: column;
  content-visibility: auto; contain-intrinsic-size: auto 430px; }
@media (max-width: 640px) {
  .gallery .search { max-width: none; flex-basis: 100%; }
  .gallery .chips { flex-wrap: nowrap; overflow-x: auto; padding: 4px; margin: -4px; }
}
.gallery .card > * { margin: 0; }
.gallery h2 { font-size: 1.12rem; line-height: 1.25; font-weight: 650; }
.gallery .picture svg { display: block; width: 100%; height: auto; }
.gallery .changed { font-size: .85rem; font-weight: 600; display: flex; flex-wrap: wrap; gap: 0 .8em; min-height: 1.4em; }
.gallery .change { margin: .3rem 0; font-size: .95rem; }
.gallery .use { font-size: .92rem; padding-left: .6rem; border-left: 3px solid var(--st-border-color); margin-bottom: .5rem; }
.gallery .paper { font-size: .8rem; opacity: .8; margin-bottom: .7rem; overflow-wrap: anywhere; }
.gallery .acts { margin-top: auto; display: flex; flex-wrap: wrap; gap: 6px; }
.gallery .acts > * { font: inherit; font-size: .88rem; color: inherit; text-decoration: none; background: none; padding: 5px 11px;
  border: 1px solid var(--st-border-color); border-radius: 8px; cursor: pointer; min-height: 34px; box-sizing: border-box; }
.gallery .acts > *:hover, .gallery .chips button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
.gallery :is(a, button, input):focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
.gallery .part { color: light-dark(#76808f, #8b95a3); }
.gallery svg { font: 12px var(--st-font); }
.gallery svg :is(path, rect, ellipse) { fill: none; stroke: currentColor; stroke-width: 1.3; stroke-linejoin: round; }
.gallery svg .part:not([class="part"]) :is(path, rect, ellipse) { stroke-width: 1.9; }
.gallery svg .shade { fill: currentColor; fill-opacity: .14; }
.gallery svg .fill { fill: currentColor; stroke: none; }
.gallery svg .dash { stroke-dasharray: 3 3; }
.gallery svg .part .thick { stroke-width: 6; }
.gallery svg .ground { fill: var(--st-background-color); }
.gallery svg text { text-anchor: middle; fill: currentColor; white-space: pre; }
.gallery svg tspan { fill: currentColor; }
.gallery svg .part:not([class="part"]):is(text, tspan), .gallery svg .part:not([class="part"]) text { font-weight: 650; }
.gallery .card[hidden] { display: none; }
`;var g=class{cards=[];group="";ask=()=>{};constructor(e,r){y(r.words);let t=i("style","");t.textContent=w+E(r.language),this.search=i("input","search",{type:"search",autocomplete:"off",placeholder:c("Search: name, author, use"),"aria-label":c("Search: name, author, use")}),this.search.addEventListener("input",()=>this.show());let o=i("div","chips",{role:"group","aria-label":c("What do you want?")});this.chips=[{name:"",title:c("All")},...r.groups].map(({name:s,title:l})=>[s,d(l,"",()=>this.choose(s))]),o.append(...this.chips.map(([,s])=>s)),this.count=i("p","count",{role:"status"});let n=i("div","bar");n.append(this.search,o),this.list=i("ul","cards"),e.replaceChildren(t,n,this.count,this.list),this.update(r)}update({cards:e}){this.cards=e.map(r=>[r,this.card(r)]),this.list.replaceChildren(...this.cards.map(([,r])=>r)),this.show()}choose(e){this.group=this.group===e?"":e,this.show()}show(){let e=this.search.value.toLowerCase().split(/\s+/).filter(Boolean),r=0;for(let[t,o]of this.cards){let n=[t.title,t.name,t.change,t.use,t.paper].join(" ").toLowerCase(),s=(!this.group||t.groups.includes(this.group))&&e.every(l=>n.includes(l));o.hidden=!s,r+=s?1:0}for(let[t,o]of this.chips)f(o,t===this.group);x(this.count,r?c("{shown} of {all} models",{shown:r,all:this.cards.length}):c("No model fits: clear the search, or choose All."))}card(e){let r=i("li","card"),t=i("div","picture"),o=i("p","changed"),n=i("p","acts");t.append(v(e.svg));for(let{text:l,tint:h}of e.changed)o.append(p("span",`part ${h}`,l));e.changed.length||o.append(p("span","",c("All parts in colour: compare the others with this one.")));let s=p("p","use",e.use);return n.append(...e.acts.map(l=>this.act(e,l))),e.measured&&s.append(i("br",""),e.measured),r.append(p("h2","",e.title),t,o,p("p","change",e.change),s,p("p","paper",e.paper),n),r}act({name:e,title:r},{act:t,label:o,href:n}){let s=()=>this.ask({act:t,preset:e}),l=`${r}: ${o}`;if(!n)return d(o,"",s,l);let h=p("a",t,o);return h.setAttribute("href",n),h.setAttribute("aria-label",l),h.addEventListener("click",u=>{let{button:C,ctrlKey:z,metaKey:A,shiftKey:S}=u;C||z||A||S||(u.preventDefault(),s())}),h}};function v([a,e,r,...t]){let o=document.createElementNS("http://www.w3.org/2000/svg",a);for(let[n,s]of Object.entries(e))o.setAttribute(n,s);return o.append(r,...t.map(v)),o}function E(a){return Object.entries(a).map(([e,[r,t]])=>`.gallery .${e} { color: light-dark(${r}, ${t}); }`).join(`
`)}var b=new WeakMap;function k({parentElement:a,data:e,setTriggerValue:r}){let t=a.querySelector(".gallery"),o=b.get(t),n=o??new g(t,e);o?o.update(e):b.set(t,n),n.ask=s=>r("asked",s)}var B=k;export{B as default};
